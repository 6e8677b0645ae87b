using Monolith.System.Tests.Load;

namespace Monolith.System.Tests.Verification;

/// <summary>
/// An accepted command is in the log exactly once, a refused one is not, and one without an answer is there completely or not at
/// all.
/// </summary>
internal static class Promises
{
    public static void ShouldBeKept(Journal journal, params WrittenLog[] logs)
    {
        journal.Unexpected.ShouldBeEmpty();
        var byActor = logs.SelectMany(log => log.Events).ToLookup(logged => logged.Actor);
        foreach (var answer in journal.Answered)
            ShouldBeInLog(answer, [.. byActor[answer.Actor]], logs);
        foreach (var (actor, status) in journal.Refused)
            byActor[actor].ShouldBeEmpty($"{actor} was refused with {status}");
        foreach (var (actor, (command, _, _, _)) in journal.Unknown)
            byActor[actor].Count().ShouldBeOneOf([0, command.Least, command.Most], $"{actor} ({command.Path}) is stored in part, or twice");

        var known = journal.Answered.Select(answer => answer.Actor).Concat(journal.Unknown.Keys).ToHashSet();
        byActor.Select(group => group.Key)
            .Where(actor => actor != Reactions.Actor && (actor is null || !known.Contains(actor)))
            .ShouldBeEmpty("the log has events without a command");
    }

    private static void ShouldBeInLog(Answer answer, LoggedEvent[] stored, WrittenLog[] logs)
    {
        var what = $"{answer.Actor} ({answer.Command.Path}), answered with version {answer.Version} of {answer.Stream}";
        stored.Length.ShouldBeInRange(answer.Command.Least, answer.Command.Most, what);
        if (stored.Length == 0)
        {
            // The command changed nothing: the aggregate already had that status.
            var before =
                logs.SelectMany(log => log.Events).Where(logged => logged.Stream == answer.Stream && logged.Version <= answer.Version);
            CustomerState.Fold(before)[answer.Stream].Status.ShouldBe(answer.Command.Status, what);
            return;
        }

        stored.ShouldAllBe(logged => logged.Stream == answer.Stream, what);
        stored.Select(logged => logged.Version).Order().ShouldBe(
            Enumerable.Range(0, stored.Length).Select(i => answer.Version - stored.Length + 1 + i), what);
    }
}
