import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes the certificates of a PEM file as a trust store of Java. keytool would write the moment
 * into it, so that no two were alike.
 */
class TrustStore {
  private static final String PASSWORD = "changeit";

  public static void main(String[] arguments) throws Exception {
    List<Certificate> certificates = new ArrayList<>();
    try (InputStream in = Files.newInputStream(Path.of(arguments[0]))) {
      certificates.addAll(CertificateFactory.getInstance("X.509").generateCertificates(in));
    }
    var bytes = new ByteArrayOutputStream();
    var out = new DataOutputStream(bytes);
    out.writeInt(0xFEEDFEED);
    out.writeInt(2);
    out.writeInt(certificates.size());
    for (int i = 0; i < certificates.size(); i++) {
      byte[] encoded = certificates.get(i).getEncoded();
      out.writeInt(2);
      out.writeUTF("authority-" + i);
      out.writeLong(0);
      out.writeUTF("X.509");
      out.writeInt(encoded.length);
      out.write(encoded);
    }
    MessageDigest digest = MessageDigest.getInstance("SHA-1");
    digest.update(PASSWORD.getBytes(StandardCharsets.UTF_16BE));
    digest.update("Mighty Aphrodite".getBytes(StandardCharsets.UTF_8));
    out.write(digest.digest(bytes.toByteArray()));
    Files.write(Path.of(arguments[1]), bytes.toByteArray());
  }
}
