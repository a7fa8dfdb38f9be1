package ai.j1msky.common.seal;

import com.google.crypto.tink.subtle.Ed25519Sign;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;

/// Signs what this installation says, so that anybody who has its public key can check it later and elsewhere: Ed25519 of
/// RFC 8032 over UTF-8, all in base64url without padding.
public final class HouseSignature {

    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

    private final Ed25519Sign signer;
    private final String publicKey;

    private HouseSignature(Ed25519Sign signer, String publicKey) {
        this.signer = signer;
        this.publicKey = publicKey;
    }

    /// @param seed 32 secret bytes; the same seed is the same key
    static HouseSignature of(byte[] seed) {
        try {
            Ed25519Sign.KeyPair pair = Ed25519Sign.KeyPair.newKeyPairFromSeed(seed);
            return new HouseSignature(
                    new Ed25519Sign(pair.getPrivateKey()),
                    BASE64.encodeToString(pair.getPublicKey()));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("cannot make a signing key", impossible);
        }
    }

    public String of(String text) {
        try {
            return BASE64.encodeToString(signer.sign(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("cannot sign", impossible);
        }
    }

    /// The 32 bytes that check it.
    public String publicKey() {
        return publicKey;
    }
}
