using System.Text.Json;
using Monolith.BuildingBlocks.Admin.Logs;
using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Events;

namespace Monolith.BuildingBlocks.Admin.Streams;

/// <summary>What an entity was after each event of its stream, as far as it is asked for.</summary>
/// <param name="Log">The log that has the stream.</param>
/// <param name="Entity">What the entity is called; null where its module tells no history of it.</param>
/// <param name="Moments">Its events, each with the state after it.</param>
internal sealed record StreamPast(ModuleLog Log, string? Entity, IReadOnlyList<StreamMoment> Moments)
{
    /// <summary>Folds a stream.</summary>
    /// <param name="log">The log that has it.</param>
    /// <param name="stream">Its events, from the first on.</param>
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

    public static Error Unreadable(string why) => new(ErrorKind.Unprocessable, "event-unreadable", "Unreadable event", why);

    /// <summary>The state after so many events; null before the first.</summary>
    public JsonElement? StateAfter(int version) => version == 0 ? null : Moments[version - 1].State;

    /// <summary>When the entity came to a version; null before the first.</summary>
    public DateTimeOffset? TimeOf(int version) => version == 0 ? null : Moments[version - 1].Record.OccurredAt;
}
