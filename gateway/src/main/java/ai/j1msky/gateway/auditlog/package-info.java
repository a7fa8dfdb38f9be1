/// The audit log as clients meet it: every request is told to the audit, and its entries can be read and verified.
@NullMarked
package ai.j1msky.gateway.auditlog;

import org.jspecify.annotations.NullMarked;
