package ai.j1msky.worker.sandbox.text;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/// Function words of English, and verbs and nouns so common that no text is about them.
final class StopWords {

    /// The last ones are the parts into which the tokeniser cuts `I'd` or `can't`.
    private static final Set<String> WORDS =
            Set.copyOf(
                    List.of(
                            """
            a about above actually after again against ago all almost alone along already also
            although always am among an and another any anybody anyone anything are aren't
            around as ask at away back be became because become been before behind being below
            best better between both but by call called came can can't cannot come comes could
            couldn't did didn't different do does doesn't doing don't done down during each
            either else end enough especially etc even ever every everybody everyone everything
            example far few find first five for found four from full further gave get gets
            getting give given gives go goes going gone good got great had has hasn't have
            haven't having he he's hence her here hers herself him himself his how however i i'm
            i've if in indeed instead into is isn't it it's its itself just keep keeps kept kind
            knew know known knows large last later least less let lets like likely little long
            look lot made mainly make makes making many may maybe me mean means might mine more
            most mostly much must my myself namely near nearly need needed needs neither never
            new next no nobody none nor not nothing now of off often old on once one ones only
            onto or other others our ours ourselves out over own part per perhaps place possible
            put puts quite rather re really run runs said same saw say says second see seem
            seemed seems seen several shall she she's should show shows since single six small
            so some somebody someone something sometimes still stop such sure take taken takes
            tell ten than that that's the their theirs them themselves then there there's
            therefore these they they're thing things think this those though three through thus
            to together told too took toward try two type under until up upon us use used useful
            user's uses using usually various very via want wants was wasn't way ways we we're
            we've well went were weren't what what's whatever when where whether which while who
            who's whole whom whose why will with within without won't work works would wouldn't
            yes yet you you're your yours yourself 'd 'll 'm 're 's 've ca n't wo
            """
                                    .strip()
                                    .split("\\s+")));

    private StopWords() {}

    static boolean contains(String word) {
        return WORDS.contains(word.toLowerCase(Locale.ROOT).replace('’', '\''));
    }
}
