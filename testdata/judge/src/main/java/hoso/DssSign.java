package hoso;

import com.fasterxml.jackson.databind.JsonNode;
import eu.europa.esig.dss.enumerations.DigestAlgorithm;
import eu.europa.esig.dss.enumerations.EncryptionAlgorithm;
import eu.europa.esig.dss.enumerations.SignatureAlgorithm;
import eu.europa.esig.dss.enumerations.SignatureLevel;
import eu.europa.esig.dss.model.DSSDocument;
import eu.europa.esig.dss.model.FileDocument;
import eu.europa.esig.dss.model.SignatureValue;
import eu.europa.esig.dss.model.TimestampBinary;
import eu.europa.esig.dss.model.ToBeSigned;
import eu.europa.esig.dss.model.x509.CertificateToken;
import eu.europa.esig.dss.pades.PAdESSignatureParameters;
import eu.europa.esig.dss.pades.signature.PAdESService;
import eu.europa.esig.dss.spi.DSSUtils;
import eu.europa.esig.dss.spi.validation.CommonCertificateVerifier;
import eu.europa.esig.dss.spi.x509.CommonTrustedCertificateSource;
import eu.europa.esig.dss.spi.x509.revocation.crl.ExternalResourcesCRLSource;
import eu.europa.esig.dss.spi.x509.tsp.TSPSource;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.tsp.TimeStampRequestGenerator;
import org.bouncycastle.tsp.TimeStampResponse;

/** Signs a PDF with DSS. Revocation data are lists in files; timestamps come over HTTP. */
final class DssSign {
    private DssSign() {}

    static Map<String, Object> sign(JsonNode job) throws Exception {
        List<CertificateToken> chain = new ArrayList<>();
        job.path("certs").forEach(path -> chain.add(DSSUtils.loadCertificate(new File(path.asText()))));
        EncryptionAlgorithm kind = EncryptionAlgorithm.forKey(chain.get(0).getPublicKey());
        DigestAlgorithm digest = DigestAlgorithm.forName(job.path("hash").asText("SHA256"));

        PAdESSignatureParameters parameters = new PAdESSignatureParameters();
        parameters.setSignatureLevel(SignatureLevel.valueByName("PAdES-BASELINE-" + job.path("level").asText()));
        parameters.setDigestAlgorithm(digest);
        parameters.setSigningCertificate(chain.get(0));
        parameters.setCertificateChain(chain);
        parameters.setReason("Ký thử bằng DSS");

        PAdESService service = new PAdESService(verifier(job));
        if (!job.path("tsa").asText().isEmpty()) {
            service.setTspSource(stamps(URI.create(job.path("tsa").asText())));
        }
        DSSDocument in = new FileDocument(new File(job.path("file").asText()));
        ToBeSigned bytes = service.getDataToSign(in, parameters);
        Signature signer = Signature.getInstance(digest.getJavaName().replace("-", "") + "with" + kind.getName());
        signer.initSign(key(Path.of(job.path("key").asText()), kind));
        signer.update(bytes.getBytes());
        SignatureValue value = new SignatureValue(SignatureAlgorithm.getAlgorithm(kind, digest), signer.sign());
        service.signDocument(in, parameters, value).save(job.path("out").asText());
        return new LinkedHashMap<>();
    }

    private static CommonCertificateVerifier verifier(JsonNode job) throws Exception {
        CommonTrustedCertificateSource roots = new CommonTrustedCertificateSource();
        job.path("trust").forEach(root -> roots.addCertificate(DSSUtils.loadCertificate(new File(root.asText()))));
        List<InputStream> lists = new ArrayList<>();
        for (JsonNode list : job.path("lists")) {
            lists.add(new ByteArrayInputStream(Files.readAllBytes(Path.of(list.asText()))));
        }
        CommonCertificateVerifier verifier = new CommonCertificateVerifier();
        verifier.setTrustedCertSources(roots);
        verifier.setAIASource(null);
        verifier.setCrlSource(new ExternalResourcesCRLSource(lists.toArray(new InputStream[0])));
        return verifier;
    }

    private static PrivateKey key(Path pem, EncryptionAlgorithm kind) throws Exception {
        String text = Files.readString(pem).replaceAll("-----[^-]+-----|\\s", "");
        return KeyFactory.getInstance(kind == EncryptionAlgorithm.ECDSA ? "EC" : "RSA")
                .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(text)));
    }

    /** An authority that answers at an address (RFC 3161). */
    private static TSPSource stamps(URI address) {
        return (algorithm, digest) -> {
            try {
                TimeStampRequestGenerator generator = new TimeStampRequestGenerator();
                generator.setCertReq(true);
                byte[] query = generator.generate(new ASN1ObjectIdentifier(algorithm.getOid()), digest).getEncoded();
                HttpRequest request = HttpRequest.newBuilder(address)
                        .header("Content-Type", "application/timestamp-query")
                        .POST(HttpRequest.BodyPublishers.ofByteArray(query))
                        .build();
                byte[] reply = HttpClient.newHttpClient()
                        .send(request, HttpResponse.BodyHandlers.ofByteArray())
                        .body();
                return new TimestampBinary(new TimeStampResponse(reply).getTimeStampToken().getEncoded());
            } catch (Exception e) {
                throw new IllegalStateException("asking for a timestamp", e);
            }
        };
    }
}
