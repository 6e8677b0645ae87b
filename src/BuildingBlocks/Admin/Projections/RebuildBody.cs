using System.Text.Json.Serialization;
using Monolith.BuildingBlocks.Application;
using Monolith.BuildingBlocks.Domain.Rules;
using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Projections.Generations;
using Monolith.BuildingBlocks.Projections.Operating;

namespace Monolith.BuildingBlocks.Admin.Projections;

/// <summary>How a rebuild is asked for. A misspelt field is refused: it would promote what was to wait.</summary>
/// <param name="Promote"><c>auto</c> unless said, or <c>manual</c>.</param>
/// <param name="Until">With <paramref name="Snapshot"/>: a time, RFC 3339.</param>
/// <param name="Snapshot">With <paramref name="Until"/>: a name.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record RebuildBody(string? Promote = null, string? Until = null, string? Snapshot = null)
{
    private const string Auto = "auto";
    private const string Manual = "manual";
    private const int MostOfAName = 40;

    internal static IReadOnlyDictionary<string, FieldConstraint> Rules { get; } = new Dictionary<string, FieldConstraint>
    {
        ["promote"] = new() { Words = [Auto, Manual], Note = "Left out with snapshot." },
        ["until"] = new() { Format = "date-time", Note = "Not in the future." },
        ["snapshot"] = new() { MinLength = 1, MaxLength = MostOfAName, Pattern = "^[a-z][a-z0-9-]*$" },
    };

    internal Result<RebuildRequest> Read()
    {
        var faults = new Dictionary<string, string[]>();
        Note("promote", Promote is null or Auto or Manual ? null : "Must be auto or manual.");
        Note("promote", Promote is Auto or Manual && Snapshot is not null ? "A snapshot is never promoted: leave promote out." : null);
        Note("until", Until is null && Snapshot is not null ? "Is required with snapshot: the time up to which events count." : null);
        Note("snapshot", Snapshot is null && Until is not null ? "Is required with until: the name of the snapshot." : null);
        Note("snapshot", Snapshot is not null && !IsName(Snapshot) ? $"Must have 1 to {MostOfAName} of a-z, 0-9 and -, and begin with a letter." : null);
        DateTimeOffset? until = null;
        if (Until is not null)
        {
            if (Rfc3339.TryParse(Until, out var time))
                until = time;
            Note("until", until is null ? Rfc3339.Fault : null);
        }

        if (faults.Count > 0)
            return RequestErrors.Invalid(faults);
        return new RebuildRequest(Snapshot is not null ? Promotion.None : Promote is Manual ? Promotion.Manual : Promotion.Auto, until, Snapshot);

        void Note(string field, string? fault)
        {
            if (fault is not null)
                faults[field] = [fault];
        }
    }

    private static bool IsName(string name) =>
        name.Length is >= 1 and <= MostOfAName && char.IsAsciiLetterLower(name[0]) && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');
}
