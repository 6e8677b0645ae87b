using System.Text.Json;
using Monolith.BuildingBlocks.Admin.Logs;
using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Events;

namespace Monolith.BuildingBlocks.Admin.Streams;

/// <summary>The states of an entity after each event of its stream.</summary>
/// <param name="Log">The log that contains the stream.</param>
/// <param name="Entity">The kind of the entity; null if its module has no history of it.</param>
/// <param name="Moments">The events, each with the state after it.</param>
internal sealed record StreamPast(ModuleLog Log, string? Entity, IReadOnlyList<StreamMoment> Moments)
{
    /// <summary>Folds a stream, which begins with its first event.</summary>
    public static Result<StreamPast> Of(ModuleLog log, IEnumerable<LogRecord> stream)
    {
        try
        {
            var events = stream.Select(log.Log.Catalogue.Decode).ToArray();
            var history = events.Length == 0 ? null : log.Histories.FirstOrDefault(history => history.Begins(events[0]));
            var states = history?.States(events) ?? events.Select(_ => (JsonElement?)null);
            JsonElement? before = null;
            var moments = new List<StreamMoment>(events.Length);
            foreach (var (e, after) in events.Zip(states))
            {
                moments.Add(new StreamMoment(e.Envelope, after, FieldChanges.Between(before, after)));
                before = after;
            }

            return new StreamPast(log, history?.Entity, moments);
        }
        catch (UnreadableEventException exception)
        {
            return Unreadable(exception.Message);
        }
    }

    public static Error Unreadable(string reason) => new(ErrorKind.Unprocessable, "event-unreadable", "Unreadable event", reason);

    /// <summary>The events from a version on, as operators see them.</summary>
    public IReadOnlyList<StreamEventBody> EventsAfter(int version) =>
        [.. Moments.Skip(version).Select(moment => StreamEventBody.Of(moment.Record, moment.Changes))];

    /// <summary>The state at a version; null before the first event.</summary>
    public JsonElement? StateAfter(int version) => version == 0 ? null : Moments[version - 1].State;

    /// <summary>The time of the event with a version; null before the first event.</summary>
    public DateTimeOffset? TimeOf(int version) => version == 0 ? null : Moments[version - 1].Record.OccurredAt;
}

/// <summary>An event of an entity.</summary>
/// <param name="Record">The event.</param>
/// <param name="State">The entity after it; null if it does not exist any more.</param>
/// <param name="Changes">The fields that the event changed.</param>
internal sealed record StreamMoment(LogRecord Record, JsonElement? State, IReadOnlyList<FieldChange> Changes);
