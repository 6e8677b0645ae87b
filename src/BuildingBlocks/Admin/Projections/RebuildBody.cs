using System.Text.Json.Serialization;
using Monolith.BuildingBlocks.Application;
using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Domain.Rules;
using Monolith.BuildingBlocks.Projections.Generations;
using Monolith.BuildingBlocks.Projections.Operating;

namespace Monolith.BuildingBlocks.Admin.Projections;

/// <summary>A request for a rebuild. Unknown fields are refused, since a typo would promote a generation that should wait.</summary>
/// <param name="Promote"><c>auto</c>, the default, or <c>manual</c>.</param>
/// <param name="Until">With <paramref name="Snapshot"/>: a time, RFC 3339.</param>
/// <param name="Snapshot">With <paramref name="Until"/>: a name.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record RebuildBody(string? Promote = null, string? Until = null, string? Snapshot = null)
{
    private const string Auto = "auto";
    private const string Manual = "manual";
    private const int MaxNameLength = 40;

    internal static IReadOnlyDictionary<string, FieldConstraint> Rules { get; } = new Dictionary<string, FieldConstraint>
    {
        ["promote"] = new() { Words = [Auto, Manual], Note = "Not together with snapshot." },
        ["until"] = new() { Format = "date-time", Note = "Not in the future." },
        ["snapshot"] = new() { MinLength = 1, MaxLength = MaxNameLength, Pattern = "^[a-z][a-z0-9-]*$" },
    };

    internal Result<RebuildRequest> Read()
    {
        var errors = new Dictionary<string, string[]>();
        Check("promote", Promote is null or Auto or Manual, "Must be auto or manual.");
        Check("promote", Promote is not (Auto or Manual) || Snapshot is null, "A snapshot is never promoted: leave promote out.");
        Check("until", Until is not null || Snapshot is null, "Is required with snapshot: the time up to which events count.");
        Check("snapshot", Snapshot is not null || Until is null, "Is required with until: the name of the snapshot.");
        Check(
            "snapshot",
            Snapshot is null || IsName(Snapshot),
            $"Must have 1 to {MaxNameLength} of a-z, 0-9 and -, and begin with a letter.");
        DateTimeOffset? until = null;
        if (Until is not null)
        {
            if (Rfc3339.TryParse(Until, out var time))
                until = time;
            Check("until", until is not null, Rfc3339.Fault);
        }

        if (errors.Count > 0)
            return RequestErrors.Invalid(errors);
        var promotion = Promote is Manual ? Promotion.Manual : Promotion.Auto;
        return new RebuildRequest(Snapshot is null ? promotion : Promotion.None, until, Snapshot);

        void Check(string field, bool isValid, string message)
        {
            if (!isValid)
                errors[field] = [message];
        }
    }

    private static bool IsName(string name) =>
        name.Length is >= 1 and <= MaxNameLength
        && char.IsAsciiLetterLower(name[0])
        && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');
}
