package dev.fewbit.model.ort;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemoryLayout;

/**
 * The functions of {@code OrtApi} that are called, by their place in the table. Places never change once released: a later version only
 * adds behind. Those here are of version 1.29.
 *
 * @see <a href="https://onnxruntime.ai/docs/api/c/struct_ort_api.html">OrtApi</a>
 */
enum OrtFunction {
    CREATE_STATUS(0, status(JAVA_INT, ADDRESS)),
    GET_ERROR_MESSAGE(2, FunctionDescriptor.of(ADDRESS, ADDRESS)),
    CREATE_ENV(3, status(JAVA_INT, ADDRESS, ADDRESS)),
    CREATE_SESSION_FROM_ARRAY(8, status(ADDRESS, ADDRESS, JAVA_LONG, ADDRESS, ADDRESS)),
    CREATE_SESSION_OPTIONS(10, status(ADDRESS)),
    SET_LOG_SEVERITY(22, status(ADDRESS, JAVA_INT)),
    SET_INTRA_OP_THREADS(24, status(ADDRESS, JAVA_INT)),
    SET_INTER_OP_THREADS(25, status(ADDRESS, JAVA_INT)),
    CREATE_CUSTOM_OP_DOMAIN(26, status(ADDRESS, ADDRESS)),
    CUSTOM_OP_DOMAIN_ADD(27, status(ADDRESS, ADDRESS)),
    ADD_CUSTOM_OP_DOMAIN(28, status(ADDRESS, ADDRESS)),
    CREATE_RUN_OPTIONS(39, status(ADDRESS)),
    CREATE_TENSOR_WITH_DATA(49, status(ADDRESS, ADDRESS, JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_INT, ADDRESS)),
    GET_TENSOR_MUTABLE_DATA(51, status(ADDRESS, ADDRESS)),
    GET_DIMENSIONS_COUNT(61, status(ADDRESS, ADDRESS)),
    GET_DIMENSIONS(62, status(ADDRESS, ADDRESS, JAVA_LONG)),
    GET_TENSOR_SHAPE(65, status(ADDRESS, ADDRESS)),
    CREATE_MEMORY_INFO(68, status(ADDRESS, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS)),
    GET_NODE_INT(86, status(ADDRESS, ADDRESS, ADDRESS)),
    GET_NODE_INPUT(90, status(ADDRESS, JAVA_LONG, ADDRESS)),
    GET_NODE_OUTPUT(91, status(ADDRESS, JAVA_LONG, ADDRESS, JAVA_LONG, ADDRESS)),
    RELEASE_ENV(92, release()),
    RELEASE_STATUS(93, release()),
    RELEASE_MEMORY_INFO(94, release()),
    RELEASE_SESSION(95, release()),
    RELEASE_VALUE(96, release()),
    RELEASE_RUN_OPTIONS(97, release()),
    RELEASE_TENSOR_SHAPE(99, release()),
    RELEASE_SESSION_OPTIONS(100, release()),
    RELEASE_CUSTOM_OP_DOMAIN(101, release()),
    ADD_SESSION_CONFIG_ENTRY(130, status(ADDRESS, ADDRESS, ADDRESS)),
    RUN_WITH_BINDING(133, status(ADDRESS, ADDRESS, ADDRESS)),
    CREATE_IO_BINDING(134, status(ADDRESS, ADDRESS)),
    RELEASE_IO_BINDING(135, release()),
    BIND_INPUT(136, status(ADDRESS, ADDRESS, ADDRESS)),
    BIND_OUTPUT(137, status(ADDRESS, ADDRESS, ADDRESS)),
    ADD_RUN_CONFIG_ENTRY(165, status(ADDRESS, ADDRESS, ADDRESS)),
    APPEND_CUDA(204, status(ADDRESS, ADDRESS)),
    CREATE_CUDA_OPTIONS(205, status(ADDRESS)),
    UPDATE_CUDA_OPTIONS(206, status(ADDRESS, ADDRESS, ADDRESS, JAVA_LONG)),
    RELEASE_CUDA_OPTIONS(208, release());

    private final int place;
    private final FunctionDescriptor descriptor;

    OrtFunction(int place, FunctionDescriptor descriptor) {
        this.place = place;
        this.descriptor = descriptor;
    }

    /** Index in the table. */
    int place() {
        return place;
    }

    FunctionDescriptor descriptor() {
        return descriptor;
    }

    /** A function that answers with a status, null for success. */
    private static FunctionDescriptor status(MemoryLayout... arguments) {
        return FunctionDescriptor.of(ADDRESS, arguments);
    }

    private static FunctionDescriptor release() {
        return FunctionDescriptor.ofVoid(ADDRESS);
    }
}
