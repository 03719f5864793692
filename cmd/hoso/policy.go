package main

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"hoso/pipeline/policy"
)

// policyCommand prints the rules of what a person must look at, to be changed and given
// back as the setting policy.
func (a *app) policyCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "policy",
		Short: "Show the rules of what a person must look at before filing, and of who signs",
		Long: "Show the rules of which fields a paper must have, below which confidence a person must\n" +
			"look at one, which of them hold the paper, who signs it: the agency with the key of\n" +
			"the service, an officer with an own key, or both; and what becomes of a file that comes\n" +
			"signed, by what its signatures are worth. To change them, keep them in a file, edit it, and\n" +
			"name it in HOSO_POLICY; a wrong rule is named with its line at the start.",
		Args: usage(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, err := a.config(cmd)
			if err != nil {
				return err
			}
			text, err := policyText(cfg.Policy)
			if err != nil {
				return err
			}
			if _, err := policyIn(cfg.Policy); err != nil {
				return err
			}
			_, err = a.out.Write(text)
			return err
		},
	}
}

// policyText gives the rules in a file, those that come with hoso for "".
func policyText(file string) ([]byte, error) {
	if file == "" {
		return policy.Shipped(), nil
	}
	text, err := os.ReadFile(file) //nolint:gosec // the operator names it
	if err != nil {
		return nil, usageError{fmt.Errorf("reading the policy: %w", err)}
	}
	return text, nil
}

// policyIn gives the rules of a file in force, those that come with hoso for "".
func policyIn(file string) (policy.Policy, error) {
	text, err := policyText(file)
	if err != nil {
		return policy.Policy{}, err
	}
	rules, err := policy.Parse(text)
	if err != nil {
		return policy.Policy{}, usageError{fmt.Errorf("reading %s: %w", file, err)}
	}
	return rules, nil
}
