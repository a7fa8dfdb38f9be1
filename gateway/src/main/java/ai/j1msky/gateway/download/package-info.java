/// Files that are made while they are sent: bounded in number and in memory.
@NullMarked
package ai.j1msky.gateway.download;

import org.jspecify.annotations.NullMarked;
