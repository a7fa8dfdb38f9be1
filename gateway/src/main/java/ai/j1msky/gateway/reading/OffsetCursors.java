package ai.j1msky.gateway.reading;

import ai.j1msky.common.id.AccountId;
import ai.j1msky.common.seal.MasterKey;
import ai.j1msky.common.seal.UnreadableException;
import ai.j1msky.gateway.problem.Problem;
import ai.j1msky.gateway.problem.ProblemException;

/// The opaque text of a place on the log. Sealed, because an offset tells how much others do; good on every gateway, for
/// the account and the list that it was made for.
public final class OffsetCursors {

    private final MasterKey master;
    private final String list;

    /// @param list what it is a place in
    public OffsetCursors(MasterKey master, String list) {
        this.master = master;
        this.list = list;
    }

    public String write(long offset, AccountId account) {
        return master.sealSecret(Long.toString(offset), place(account));
    }

    public long read(String cursor, AccountId account) {
        try {
            return Long.parseLong(master.openSecret(cursor, place(account)));
        } catch (UnreadableException | NumberFormatException madeUp) {
            throw ProblemException.of(
                    Problem.MALFORMED, "cursor is not one that this list has given out.");
        }
    }

    private String place(AccountId account) {
        return list + "-cursor\n" + account;
    }
}
