// Signs a token for the embedded SMS Sender: Java 17 or newer, EdDSA, standard library only.
//
// This belongs on your server, behind your own sign-in. The private key never reaches a browser.
//
//   java Sign.java acme-private.pem ISS KID SUB AUD ORIGIN NAME SCOPES

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;

public class Sign {
    /** A token that is good for one minute and for one use. */
    static String token(
            PrivateKey key,
            String issuer,
            String keyId,
            String user,
            String audience,
            String origin,
            String name,
            List<String> scopes)
            throws GeneralSecurityException {
        long now = Instant.now().getEpochSecond();
        String allowed = scopes.stream().map(Sign::quoted).collect(Collectors.joining(","));
        String header = "{\"alg\":\"EdDSA\",\"typ\":\"JWT\",\"kid\":" + quoted(keyId) + "}";
        String claims = "{"
                + "\"iss\":" + quoted(issuer) + "," // your tenant's id at the sender
                + "\"sub\":" + quoted(user) + "," // your own id of the user: never one for all
                + "\"name\":" + quoted(name) + "," // what to call them
                + "\"aud\":" + quoted(audience) + "," // where the sender is served, no slash after it
                + "\"origin\":" + quoted(origin) + "," // of your page that has the element
                + "\"scopes\":[" + allowed + "]," // of compose, submit and view: no more than they may do
                + "\"iat\":" + now + ","
                + "\"exp\":" + (now + 60) + "," // 300 seconds at most
                + "\"jti\":" + quoted(UUID.randomUUID().toString()) // random: for one use only
                + "}";
        String text = base64(header.getBytes(StandardCharsets.UTF_8))
                + "." + base64(claims.getBytes(StandardCharsets.UTF_8));
        Signature signature = Signature.getInstance("Ed25519");
        signature.initSign(key);
        signature.update(text.getBytes(StandardCharsets.US_ASCII));
        return text + "." + base64(signature.sign());
    }

    /** The PEM file that `openssl genpkey -algorithm ed25519` writes. */
    static PrivateKey privateKey(String pem) throws GeneralSecurityException {
        String body = pem.replaceAll("-----(BEGIN|END) PRIVATE KEY-----|\\s", "");
        byte[] der = Base64.getDecoder().decode(body);
        return KeyFactory.getInstance("Ed25519").generatePrivate(new PKCS8EncodedKeySpec(der));
    }

    /** A JSON string; a JSON library, if you have one, does it as well. */
    private static String quoted(String text) {
        StringBuilder json = new StringBuilder("\"");
        for (char c : text.toCharArray()) {
            boolean plain = c >= ' ' && c != '"' && c != '\\';
            json.append(plain ? String.valueOf(c) : String.format("\\u%04x", (int) c));
        }
        return json.append('"').toString();
    }

    private static String base64(byte[] data) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(data);
    }

    public static void main(String[] given) throws Exception {
        PrivateKey key = privateKey(Files.readString(Path.of(given[0])));
        List<String> scopes = List.of(given[7].split(","));
        System.out.println(
                token(key, given[1], given[2], given[3], given[4], given[5], given[6], scopes));
    }
}
