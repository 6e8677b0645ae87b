using System.Globalization;
using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Web.Requests;

namespace Monolith.BuildingBlocks.Admin.Streams;

/// <summary>A point in the history of an entity: a version, a time, or now if both are null.</summary>
/// <param name="Version">The version.</param>
/// <param name="At">The time; events of exactly this time are included.</param>
internal readonly record struct StreamPoint(long? Version, DateTimeOffset? At)
{
    private const string VersionName = "version";
    private const int YearDigits = 4;

    /// <summary>Reads the parameters <c>at</c> and <c>version</c>.</summary>
    public static StreamPoint Read(QueryReader query)
    {
        var point = new StreamPoint(query.Whole(VersionName), query.Time("at"));
        if (point is { Version: not null, At: not null })
            query.Refuse<string>(VersionName, "Name a version or a time, not both.");
        if (point.Version == 0)
            query.Refuse<string>(VersionName, "Must be 1 or more.");
        return point;
    }

    /// <summary>Reads a parameter that is a version or a time; now if it is missing.</summary>
    public static StreamPoint Read(QueryReader query, string name)
    {
        if (query.Text(name) is not { } text)
            return default;
        // A time begins with a year and a dash. A number can have a dash at the same index, in its exponent: 100e-2.
        var isTime = text.Length > YearDigits && text[YearDigits] == '-' && !text.AsSpan(0, YearDigits).ContainsAnyExceptInRange('0', '9');
        var point = isTime ? new StreamPoint(null, query.Time(name)) : new StreamPoint(query.Whole(name), null);
        if (point == default)
            query.Refuse<string>(name, "Must be a version (a whole number) or a time (2026-01-31T09:30:00Z).");
        return point;
    }

    /// <summary>The number of events up to the point, which is the version of the entity there.</summary>
    public Result<int> CountIn(IReadOnlyList<LogRecord> stream)
    {
        if (Version is { } version)
            return version <= stream.Count ? (int)version : TooHigh(version, stream.Count);
        if (At is not { } at)
            return stream.Count;

        var count = 0;
        while (count < stream.Count && stream[count].OccurredAt <= at)
            count++;
        return count;
    }

    /// <summary>The entity did not exist at the point.</summary>
    public static Error NotFound(string detail) => new(ErrorKind.NotFound, "state-not-found", "Not there at that point", detail);

    private static Error TooHigh(long version, int count) => NotFound(string.Create(
        CultureInfo.InvariantCulture,
        $"It has {count} versions, not {version}: request one of 1 to {count}, or none for the current state."));
}
