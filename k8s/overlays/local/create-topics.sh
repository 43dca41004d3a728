#!/bin/bash
# Makes the suite's topics and a dead-letter topic for each, where they are missing. KAFKA_BOOTSTRAP_SERVERS says where.
set -eu
partitions=4
create() {
  /opt/kafka/bin/kafka-topics.sh --bootstrap-server "$KAFKA_BOOTSTRAP_SERVERS" --create --if-not-exists \
    --topic "$1" --partitions "$2" --replication-factor 1
}
for topic in \
  quantization.requests \
  quantization.results \
  evaluation.requests \
  evaluation.results \
  execution.requests \
  execution.results \
  study.cancellations \
  progress; do
  create "$topic" "$partitions"
  create "$topic.dead-letter" 1
done
