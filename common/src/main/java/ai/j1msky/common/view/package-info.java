/// What lies in Redis and under which names, shared by those who write and read it; the Lua scripts are in the
/// resources beside.
///
/// Redis is a projection of the log: everything here can be rebuilt from it.
@NullMarked
package ai.j1msky.common.view;

import org.jspecify.annotations.NullMarked;
