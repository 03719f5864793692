package main

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"hoso/cmd/internal/config"
	"hoso/pipeline/extract"
)

// classesCommand prints the rules by which classes of papers are told, to be changed and
// given back as the setting classes.
func (a *app) classesCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "classes",
		Short: "Show the rules by which classes of papers are told",
		Long: "Show the rules by which classes of papers (loại giấy tờ) are told. To change them, keep\n" +
			"them in a file, edit it, and name it in HOSO_CLASSES; a wrong rule is named at the start.",
		Args: usage(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, err := a.config(cmd)
			if err != nil {
				return err
			}
			text, err := rulesOf(cfg)
			if err != nil {
				return err
			}
			if _, err := extract.ParseClasses(text); err != nil {
				return usageError{err}
			}
			_, err = a.out.Write(text)
			return err
		},
	}
}

// rulesOf gives the rules in use as text.
func rulesOf(cfg *config.Config) ([]byte, error) {
	if cfg.Classes == "" {
		return extract.ShippedRules(), nil
	}
	text, err := os.ReadFile(cfg.Classes)
	if err != nil {
		return nil, usageError{fmt.Errorf("reading the rules of paper classes: %w", err)}
	}
	return text, nil
}

// classesOf gives the rules in use.
func classesOf(cfg *config.Config) (extract.Classes, error) {
	text, err := rulesOf(cfg)
	if err != nil {
		return nil, err
	}
	classes, err := extract.ParseClasses(text)
	if err != nil {
		return nil, usageError{err}
	}
	return classes, nil
}
