using System.Collections.Concurrent;

namespace Monolith.System.Tests.Load;

/// <summary>The outcome of each command that was sent.</summary>
internal sealed class Journal
{
    private readonly ConcurrentQueue<Answer> answered = new();
    private readonly ConcurrentDictionary<string, Unanswered> unknown = new();
    private readonly ConcurrentDictionary<string, int> refused = new();
    private readonly ConcurrentQueue<string> unexpected = new();

    /// <summary>The commands that succeeded.</summary>
    public IReadOnlyCollection<Answer> Answered => answered;

    /// <summary>The commands with an unknown outcome, by actor.</summary>
    public IReadOnlyDictionary<string, Unanswered> Unknown => unknown;

    /// <summary>The status codes of refused commands, by actor.</summary>
    public IReadOnlyDictionary<string, int> Refused => refused;

    /// <summary>Answers that no command of a load may get.</summary>
    public IReadOnlyCollection<string> Unexpected => unexpected;

    public void NoteAnswered(Answer answer) => answered.Enqueue(answer);

    public void NoteUnknown(string actor, Command command, string why, DateTimeOffset sent) =>
        unknown[actor] = new(command, why, sent, DateTimeOffset.UtcNow - sent);

    public void NoteRefused(string actor, int status) => refused[actor] = status;

    public void NoteUnexpected(string what) => unexpected.Enqueue(what);

    /// <summary>Adds the outcomes of another load.</summary>
    public void Add(Journal other)
    {
        foreach (var answer in other.answered)
            answered.Enqueue(answer);
        foreach (var (actor, command) in other.unknown)
            unknown[actor] = command;
        foreach (var (actor, status) in other.refused)
            refused[actor] = status;
        foreach (var what in other.unexpected)
            unexpected.Enqueue(what);
    }

    public override string ToString() => $"{answered.Count} answered, {refused.Count} refused, {unknown.Count} unknown";
}
