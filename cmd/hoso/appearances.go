package main

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"hoso/cmd/internal/config"
	"hoso/pipeline/appearance"
	"hoso/workers"
)

// appearancesCommand prints the profiles of how signatures show, to be changed and given
// back as the setting appearances.
func (a *app) appearancesCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "appearances",
		Short: "Show the profiles of how signatures show on page 1 of a record",
		Long: "Show the profiles of how signatures show on page 1 of a record: in which corner, in which\n" +
			"letters, and what is written. To change them, keep them in a file, edit it, and name it in\n" +
			"HOSO_APPEARANCES; what is wrong in it is named at the start.",
		Args: usage(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, err := a.config(cmd)
			if err != nil {
				return err
			}
			if _, err := looksOf(cfg); err != nil {
				return err
			}
			text, err := profilesText(cfg.Looks.Profiles)
			if err != nil {
				return err
			}
			_, err = a.out.Write(text)
			return err
		},
	}
}

// profilesText gives the profiles in a file, those that come with hoso for "".
func profilesText(file string) ([]byte, error) {
	if file == "" {
		return appearance.Shipped(), nil
	}
	text, err := os.ReadFile(file) //nolint:gosec // the operator names it
	if err != nil {
		return nil, usageError{fmt.Errorf("reading the appearances: %w", err)}
	}
	return text, nil
}

// looksOf says how signatures show, by the settings.
func looksOf(cfg *config.Config) (workers.Looks, error) {
	c := cfg.Looks
	text, err := profilesText(c.Profiles)
	if err != nil {
		return workers.Looks{}, err
	}
	all, err := appearance.Parse(text)
	if err != nil {
		return workers.Looks{}, usageError{fmt.Errorf("reading %s: %w", c.Profiles, err)}
	}
	l := workers.Looks{Form: c.Form, Name: c.Name}
	if l.Agency, err = all.Get(c.Agency); err != nil {
		return l, usageError{fmt.Errorf("reading the setting appearance: %w", err)}
	}
	if l.Officer, err = all.Get(c.Officer); err != nil {
		return l, usageError{fmt.Errorf("reading the setting officer-appearance: %w", err)}
	}
	if c.Seal == "" {
		return l, nil
	}
	file, err := os.ReadFile(c.Seal)
	if err != nil {
		return l, usageError{fmt.Errorf("reading the setting seal-image: %w", err)}
	}
	if l.Seal, err = appearance.ReadSeal(file); err != nil {
		return l, usageError{fmt.Errorf("reading the setting seal-image: %s: %w", c.Seal, err)}
	}
	return l, nil
}
