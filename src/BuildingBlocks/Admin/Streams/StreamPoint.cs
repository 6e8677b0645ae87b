using System.Globalization;
using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Web.Requests;

namespace Monolith.BuildingBlocks.Admin.Streams;

/// <summary>A point in the life of an entity: after so many events, at a time, or now.</summary>
/// <param name="Version">After which event; null where a time says it.</param>
/// <param name="At">At which time, events of this very time included; null where a version says it. Neither: now.</param>
internal readonly record struct StreamPoint(long? Version, DateTimeOffset? At)
{
    private const string VersionName = "version";
    private const int YearDigits = 4;

    /// <summary>The point that <c>at</c> or <c>version</c> names.</summary>
    public static StreamPoint Read(QueryReader query)
    {
        var point = new StreamPoint(query.Whole(VersionName), query.Time("at"));
        if (point is { Version: not null, At: not null })
            query.Refuse<string>(VersionName, "Name a version or a time, not both.");
        if (point.Version == 0)
            query.Refuse<string>(VersionName, "Must be 1 or more.");
        return point;
    }

    /// <summary>The point that one parameter names, by a version or by a time; now where it is not there.</summary>
    public static StreamPoint Read(QueryReader query, string name)
    {
        if (query.Text(name) is not { } text)
            return default;
        // A time begins with a year and a dash. A number may have a dash behind as many characters, in its exponent: 100e-2.
        var isTime = text.Length > YearDigits && text[YearDigits] == '-' && !text.AsSpan(0, YearDigits).ContainsAnyExceptInRange('0', '9');
        var point = isTime ? new StreamPoint(null, query.Time(name)) : new StreamPoint(query.Whole(name), null);
        if (point == default)
            query.Refuse<string>(name, "Must be a version (a whole number) or a time (2026-01-31T09:30:00Z).");
        return point;
    }

    /// <summary>How many events of a stream lie before the point, which is the version of the entity at it.</summary>
    public Result<int> CountIn(IReadOnlyList<LogRecord> stream)
    {
        if (Version is { } version)
            return version <= stream.Count ? (int)version : NotThere(string.Create(CultureInfo.InvariantCulture, $"It has {stream.Count} versions, not {version}: ask for one of 1 to {stream.Count}, or for none to see it as it is now."));
        if (At is not { } at)
            return stream.Count;

        var count = 0;
        while (count < stream.Count && stream[count].OccurredAt <= at)
            count++;
        return count;
    }

    /// <summary>The entity was not there at the point.</summary>
    public static Error NotThere(string detail) => new(ErrorKind.NotFound, "state-not-found", "Not there at that point", detail);
}
