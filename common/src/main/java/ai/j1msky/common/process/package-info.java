/// What a process without Spring has for its operator: health and metrics.
@NullMarked
package ai.j1msky.common.process;

import org.jspecify.annotations.NullMarked;
