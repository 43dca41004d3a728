/**
 * ONNX Runtime's C API by FFM, as far as generation needs it: sessions on the processor and on CUDA, tensors over memory that the caller
 * owns, wherever that lies, and bindings of them to a session's inputs and outputs. One class a concern. The Java API of ONNX Runtime has
 * no tensors in device memory, which is why this stands beside it; on the processor both give the same numbers. Pointers into the API's
 * table of functions are for one version of ONNX Runtime, which is checked when the library is opened.
 */
package dev.fewbit.model.ort;
