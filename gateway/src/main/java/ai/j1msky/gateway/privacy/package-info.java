/// What owners may ask of their data: to delete it, to have it, to know where it is; and what deletes it when its time is over.
@NullMarked
package ai.j1msky.gateway.privacy;

import org.jspecify.annotations.NullMarked;
