package dev.fewbit.model.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafetensorsFileTest {
    @TempDir
    private Path directory;

    @Test
    void shouldWidenExactlyWhenDtypesAreMixedAndDataIsUnaligned() throws IOException {
        // Given: a header of odd length, so that no element is aligned
        // 1.5, -2.0 as fp32; 0x3C01 = 1 + 2^-10 and 0x0001 = 2^-24 as fp16; 0x3FC0 = 1.5 and 0xFF80 = -inf as bf16
        byte[] data = ByteBuffer.allocate(16)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putFloat(1.5f)
                .putFloat(-2f)
                .putShort((short) 0x3C01)
                .putShort((short) 0x0001)
                .putShort((short) 0x3FC0)
                .putShort((short) 0xFF80)
                .array();
        String header = "{\"__metadata__\":{\"format\":\"pt\"},"
                + "\"c\":{\"dtype\":\"BF16\",\"shape\":[2],\"data_offsets\":[12,16]},"
                + "\"a\":{\"dtype\":\"F32\",\"shape\":[1,2],\"data_offsets\":[0,8]},"
                + "\"b\":{\"dtype\":\"F16\",\"shape\":[2,1],\"data_offsets\":[8,12]}}";
        Path file = write(CheckpointFixture.safetensors(header + " ".repeat(1 - header.length() % 2), data));

        try (Arena arena = Arena.ofConfined()) {
            // When
            var tensors = SafetensorsFile.open(file, arena).tensors();

            // Then
            assertThat(tensors.keySet()).containsExactly("a", "b", "c");
            assertThat(tensors.get("a").toFloats()).containsExactly(1.5f, -2f);
            assertThat(tensors.get("a").shape()).containsExactly(1, 2);
            assertThat(tensors.get("b").toFloats()).containsExactly(1f + 0x1p-10f, 0x1p-24f);
            assertThat(tensors.get("c").toFloats()).containsExactly(1.5f, Float.NEGATIVE_INFINITY);
            assertThat(tensors.get("c").toFloats(1, 1)).containsExactly(Float.NEGATIVE_INFINITY);
            for (Tensor tensor : tensors.values()) {
                MemorySegment copy = arena.allocate(ValueLayout.JAVA_FLOAT, 2);
                tensor.copyTo(copy);
                assertThat(copy.toArray(ValueLayout.JAVA_FLOAT)).containsExactly(tensor.toFloats());
            }
        }
    }

    @Test
    void shouldRefuseWhenTheFileIsCutShortAnywhere() throws IOException {
        // Given
        byte[] whole = CheckpointFixture.vectors("a", new float[] {1, 2, 3}, "b", new float[] {4});

        for (int length = 0; length < whole.length; length++) {
            // When
            Path file = write(Arrays.copyOf(whole, length));

            // Then
            assertThatThrownBy(() -> open(file))
                    .isInstanceOf(InvalidCheckpointException.class)
                    .hasMessageStartingWith(file + ": ")
                    .hasMessageContaining("cut short");
        }
    }

    @Test
    void shouldRefuseWhenBytesFollowTheLastTensor() throws IOException {
        byte[] whole = CheckpointFixture.vectors("a", new float[] {1, 2, 3});
        Path file = write(Arrays.copyOf(whole, whole.length + 3));

        assertThatThrownBy(() -> open(file))
                .hasMessage(file + ": the tensors end at byte 12 of the data but it has 15");
    }

    @Test
    void shouldRefuseWhenTheHeaderClaimsMoreThanTheLimit() throws IOException {
        byte[] bytes = ByteBuffer.allocate(16)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(100_000_001)
                .array();
        Path file = write(bytes);

        assertThatThrownBy(() -> open(file))
                .hasMessage(file + ": the header claims 100000001 bytes; allowed: 2 to 100000000");
    }

    @Test
    void shouldRefuseWhenTheHeaderLengthIsNegative() throws IOException {
        byte[] bytes = ByteBuffer.allocate(16).putLong(-1).array();
        Path file = write(bytes);

        assertThatThrownBy(() -> open(file)).hasMessageContaining("the header claims 18446744073709551615 bytes");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {"a":{"dtype":"I64","shape":[1],"data_offsets":[0,8]}} | tensor 'a' has dtype 'I64'; allowed: F32, F16, BF16
                    {"a":{"shape":[2],"data_offsets":[0,8]}} | tensor 'a' has dtype ''; allowed: F32, F16, BF16
                    {"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}} | tensor 'a' of dtype F32 and shape [3] needs 12 bytes but its data_offsets span 8
                    {"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}} | tensor 'a' has shape [-2]; allowed: a list of whole numbers >= 0
                    {"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,8]}} | tensor 'a' has shape [4611686018427387904,4], more than any file can hold
                    {"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}} | tensor 'a' has data_offsets [8,0]; allowed: begin <= end <= 8, the bytes of data in the file
                    {"a":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}} | tensor 'a' has data_offsets [4,12]; allowed: begin <= end <= 8, the bytes of data in the file; is it cut short?
                    {"a":{"dtype":"F32","shape":[2]}} | tensor 'a' has data_offsets ; allowed: a list of whole numbers >= 0
                    {"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}} | tensor 'b' begins at 4 and overlaps tensor 'a', which ends at 8
                    {"a":{"dtype":"F16","shape":[1],"data_offsets":[0,2]},"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}} | tensor 'b' begins at 4 and leaves a hole behind tensor 'a', which ends at 2
                    {"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}} | tensor 'a' begins at 4 and leaves a hole behind the start of the data, which ends at 0
                    {"a":1 | the header is not valid JSON
                    ["a"] | the header is not a JSON object
                    {"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}} | the header is not valid JSON: Duplicate field 'a'
                    """)
    void shouldNameWhatIsWrongWhenTheHeaderLies(String header, String problem) throws IOException {
        Path file = write(CheckpointFixture.safetensors(header, new byte[8]));

        assertThatThrownBy(() -> open(file))
                .isInstanceOf(InvalidCheckpointException.class)
                .hasMessageStartingWith(file + ": " + problem)
                .hasMessageNotContaining("\n");
    }

    private Path write(byte[] bytes) throws IOException {
        return Files.write(directory.resolve("model.safetensors"), bytes);
    }

    private static void open(Path file) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            SafetensorsFile.open(file, arena);
        }
    }
}
