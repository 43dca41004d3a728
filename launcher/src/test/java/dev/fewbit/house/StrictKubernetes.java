package dev.fewbit.house;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import io.kubernetes.client.openapi.JSON;
import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.kubernetes.client.openapi.models.V1Deployment;
import io.kubernetes.client.openapi.models.V1Job;
import io.kubernetes.client.openapi.models.V1Namespace;
import io.kubernetes.client.openapi.models.V1NetworkPolicy;
import io.kubernetes.client.openapi.models.V1PersistentVolumeClaim;
import io.kubernetes.client.openapi.models.V1Service;
import io.kubernetes.client.openapi.models.V1StatefulSet;
import java.io.IOException;
import java.util.Map;

/** Kubernetes' own types: an unknown, missing or mistyped field of an object is refused. */
final class StrictKubernetes {
    private record Kind(String apiVersion, Class<?> type, Check check) {}

    private interface Check {
        void validate(JsonElement json) throws IOException;
    }

    private static final Map<String, Kind> KINDS = Map.of(
            "ConfigMap", new Kind("v1", V1ConfigMap.class, V1ConfigMap::validateJsonElement),
            "Deployment", new Kind("apps/v1", V1Deployment.class, V1Deployment::validateJsonElement),
            "Job", new Kind("batch/v1", V1Job.class, V1Job::validateJsonElement),
            "Namespace", new Kind("v1", V1Namespace.class, V1Namespace::validateJsonElement),
            "NetworkPolicy",
                    new Kind("networking.k8s.io/v1", V1NetworkPolicy.class, V1NetworkPolicy::validateJsonElement),
            "PersistentVolumeClaim",
                    new Kind("v1", V1PersistentVolumeClaim.class, V1PersistentVolumeClaim::validateJsonElement),
            "Service", new Kind("v1", V1Service.class, V1Service::validateJsonElement),
            "StatefulSet", new Kind("apps/v1", V1StatefulSet.class, V1StatefulSet::validateJsonElement));

    private StrictKubernetes() {}

    /** @throws IllegalArgumentException naming the field that is wrong */
    static void check(Manifest manifest) throws IOException {
        Kind kind = KINDS.get(manifest.kind());
        if (kind == null || !kind.apiVersion().equals(manifest.text("apiVersion"))) {
            throw new IllegalArgumentException(
                    manifest + ": no type is known for " + manifest.text("apiVersion") + " " + manifest.kind());
        }
        JsonElement json = new Gson().toJsonTree(manifest.tree());
        kind.check().validate(json);
        // Names are checked above; scalar types only when the object is built.
        JSON.getGson().fromJson(json, kind.type());
    }
}
