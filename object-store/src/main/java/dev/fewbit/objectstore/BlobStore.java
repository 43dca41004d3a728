package dev.fewbit.objectstore;

import java.io.IOException;
import java.util.Optional;

/** Bytes by their SHA-256, for what is too long for an event. */
public interface BlobStore {

    /** Stores {@code bytes} unless they are there, and returns their digest in lower-case hex. */
    String put(byte[] bytes) throws IOException;

    /** The bytes of {@code digest}, checked against it. */
    Optional<byte[]> get(String digest) throws IOException;
}
