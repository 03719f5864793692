package hoso;

import java.io.File;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;

/** PDF/A by veraPDF. */
final class VeraPdf {
    static {
        VeraGreenfieldFoundryProvider.initialise();
    }

    private VeraPdf() {}

    static Map<String, Object> validate(String profile, File file) throws Exception {
        PDFAFlavour flavour = PDFAFlavour.fromString(profile);
        if (flavour == PDFAFlavour.NO_FLAVOUR) {
            throw new IllegalArgumentException("no PDF/A profile is called " + profile);
        }
        try (PDFAParser parser = Foundries.defaultInstance().createParser(file, flavour);
                PDFAValidator validator = Foundries.defaultInstance().createValidator(flavour, false)) {
            ValidationResult result = validator.validate(parser);
            Map<String, Object> verdict = new LinkedHashMap<>();
            verdict.put("file", file.getPath());
            verdict.put("profile", profile);
            verdict.put("compliant", result.isCompliant());
            verdict.put("checks", result.getTotalAssertions());
            verdict.put("failures", failures(result));
            return verdict;
        }
    }

    /** One entry per clause and test, with the first place where it fails. */
    private static List<Map<String, Object>> failures(ValidationResult result) {
        Map<String, Map<String, Object>> byRule = new LinkedHashMap<>();
        for (TestAssertion assertion : result.getTestAssertions()) {
            if (assertion.getStatus() != TestAssertion.Status.FAILED) {
                continue;
            }
            String clause = assertion.getRuleId().getClause() + "-" + assertion.getRuleId().getTestNumber();
            byRule.computeIfAbsent(clause, key -> {
                Map<String, Object> failure = new LinkedHashMap<>();
                failure.put("clause", key);
                failure.put("message", assertion.getMessage());
                failure.put("where", assertion.getLocation().getContext());
                return failure;
            });
        }
        return new ArrayList<>(byRule.values());
    }
}
