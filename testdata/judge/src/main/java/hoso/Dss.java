package hoso;

import eu.europa.esig.dss.diagnostic.DiagnosticData;
import eu.europa.esig.dss.diagnostic.SignatureWrapper;
import eu.europa.esig.dss.diagnostic.TimestampWrapper;
import eu.europa.esig.dss.model.FileDocument;
import eu.europa.esig.dss.simplereport.SimpleReport;
import eu.europa.esig.dss.spi.DSSUtils;
import eu.europa.esig.dss.spi.validation.CommonCertificateVerifier;
import eu.europa.esig.dss.spi.x509.revocation.crl.ExternalResourcesCRLSource;
import eu.europa.esig.dss.spi.x509.CommonTrustedCertificateSource;
import eu.europa.esig.dss.validation.SignedDocumentValidator;
import eu.europa.esig.dss.validation.reports.Reports;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Signatures by the European Commission's DSS, offline: what is not in the file and
 * not in the given roots is not known.
 */
final class Dss {
    private Dss() {}

    /** What is known besides the file: roots, lists that can be fetched, the moment (null is now). */
    record World(List<File> trust, List<File> lists, Date at) {}

    static Map<String, Object> validate(World world, File file) throws IOException {
        Reports strict = reports(world, file, policy());
        Reports unrevoked = reports(world, file, withoutRevocation());
        List<Map<String, Object>> signatures = new ArrayList<>();
        for (String id : strict.getSimpleReport().getSignatureIdList()) {
            Map<String, Object> verdict = signature(strict, id);
            SimpleReport lenient = unrevoked.getSimpleReport();
            verdict.put("indicationWithoutRevocation", String.valueOf(lenient.getIndication(id)));
            verdict.put("subIndicationWithoutRevocation", text(lenient.getSubIndication(id)));
            signatures.add(verdict);
        }
        Map<String, Object> verdict = new LinkedHashMap<>();
        verdict.put("file", file.getPath());
        verdict.put("signatures", signatures);
        return verdict;
    }

    private static Reports reports(World world, File file, String policy) throws IOException {
        CommonTrustedCertificateSource roots = new CommonTrustedCertificateSource();
        world.trust().forEach(root -> roots.addCertificate(DSSUtils.loadCertificate(root)));
        CommonCertificateVerifier verifier = new CommonCertificateVerifier();
        verifier.setTrustedCertSources(roots);
        verifier.setAIASource(null);
        InputStream[] lists = new InputStream[world.lists().size()];
        for (int i = 0; i < lists.length; i++) {
            lists[i] = new ByteArrayInputStream(Files.readAllBytes(world.lists().get(i).toPath()));
        }
        verifier.setCrlSource(new ExternalResourcesCRLSource(lists));
        SignedDocumentValidator validator = SignedDocumentValidator.fromDocument(new FileDocument(file));
        validator.setCertificateVerifier(verifier);
        if (world.at() != null) {
            validator.setValidationTime(world.at());
        }
        return validator.validateDocument(
                new ByteArrayInputStream(policy.getBytes(StandardCharsets.UTF_8)));
    }

    private static Map<String, Object> signature(Reports reports, String id) {
        SimpleReport simple = reports.getSimpleReport();
        DiagnosticData data = reports.getDiagnosticData();
        SignatureWrapper wrapper = data.getSignatureById(id);
        Map<String, Object> verdict = new LinkedHashMap<>();
        verdict.put("indication", String.valueOf(simple.getIndication(id)));
        verdict.put("subIndication", text(simple.getSubIndication(id)));
        verdict.put("format", String.valueOf(simple.getSignatureFormat(id)));
        verdict.put("signedBy", text(simple.getSignedBy(id)));
        verdict.put("intact", wrapper.isSignatureIntact());
        verdict.put("valid", wrapper.isSignatureValid());
        verdict.put("byteRange", wrapper.getSignatureByteRange());
        verdict.put("byteRangeValid", wrapper.isSignatureByteRangeValid());
        verdict.put("changedAfterwards", wrapper.arePdfObjectModificationsDetected());
        verdict.put("signingCertificateReferenced", wrapper.isSigningCertificateReferencePresent());
        verdict.put("digest", String.valueOf(wrapper.getDigestAlgorithm()));
        verdict.put("encryption", String.valueOf(wrapper.getEncryptionAlgorithm()));
        verdict.put("claimedTime", text(wrapper.getClaimedSigningTime() == null
                ? null : wrapper.getClaimedSigningTime().toInstant()));
        verdict.put("timestamps", timestamps(simple, wrapper));
        List<String> errors = new ArrayList<>();
        simple.getAdESValidationErrors(id).forEach(message -> errors.add(message.getValue()));
        verdict.put("errors", errors);
        return verdict;
    }

    private static List<Map<String, Object>> timestamps(SimpleReport simple, SignatureWrapper signature) {
        List<Map<String, Object>> verdicts = new ArrayList<>();
        for (TimestampWrapper stamp : signature.getTimestampList()) {
            Map<String, Object> verdict = new LinkedHashMap<>();
            verdict.put("type", String.valueOf(stamp.getType()));
            verdict.put("time", text(stamp.getProductionTime() == null
                    ? null : stamp.getProductionTime().toInstant()));
            verdict.put("intact", stamp.isSignatureIntact());
            verdict.put("imprint", stamp.isMessageImprintDataIntact());
            verdict.put("valid", stamp.isSignatureValid());
            verdict.put("indication", text(simple.getIndication(stamp.getId())));
            verdict.put("subIndication", text(simple.getSubIndication(stamp.getId())));
            verdicts.add(verdict);
        }
        return verdicts;
    }

    /** The ETSI policy that DSS brings along. */
    private static String policy() throws IOException {
        try (InputStream in = Dss.class.getResourceAsStream("/policy/constraint.xml")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** The same, not asking for revocation data: for authorities without a responder. */
    private static String withoutRevocation() throws IOException {
        return policy().replaceAll(
                "<(RevocationDataAvailable|AcceptableRevocationDataFound|RevocationInfoAccessPresent) Level=\"\\w+\"",
                "<$1 Level=\"IGNORE\"");
    }

    private static String text(Object value) {
        return value == null ? "" : value.toString();
    }
}
