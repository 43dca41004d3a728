package dev.fewbit.launcher.stack;

/**
 * Where the parts of a stack find one another.
 *
 * @param ports of the services, on 127.0.0.1
 * @param bootstrapServers of the broker
 * @param jdbcUrl of the database
 * @param databaseUser its user
 * @param databasePassword the user's password
 */
record StackAddresses(
        Ports ports, String bootstrapServers, String jdbcUrl, String databaseUser, String databasePassword) {
    int port(StackService service) {
        return ports.of(service.key());
    }

    String url(StackService service) {
        return "http://127.0.0.1:" + port(service);
    }

    @Override
    public String toString() {
        return "StackAddresses[" + bootstrapServers + ", " + jdbcUrl + "]";
    }
}
