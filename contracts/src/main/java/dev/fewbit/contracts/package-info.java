/**
 * What the services say to one another: topic names, and in the packages below the records of events and of the HTTP
 * API. No Quarkus and no logic beyond the validation of a record's own components.
 */
package dev.fewbit.contracts;
