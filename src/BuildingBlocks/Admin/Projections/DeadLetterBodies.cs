using System.Text.Json.Serialization;
using Monolith.BuildingBlocks.Cqrs;
using Monolith.BuildingBlocks.Domain;

namespace Monolith.BuildingBlocks.Admin.Projections;

/// <summary>Which parked events shall be applied again.</summary>
/// <param name="Projection">The projection.</param>
/// <param name="Key">One key; all where it is null.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record RequeueBody(string? Projection, string? Key = null)
{
    internal static IReadOnlyDictionary<string, FieldConstraint> Rules { get; } = new Dictionary<string, FieldConstraint> { ["projection"] = new() { IsRequired = true } };

    internal Error? Fault() => Projection is null ? RequestErrors.Invalid(new Dictionary<string, string[]> { ["projection"] = ["Is required."] }) : null;
}

/// <summary>Which parked events shall be given up, and why.</summary>
/// <param name="Projection">The projection.</param>
/// <param name="Key">The key.</param>
/// <param name="Reason">Why; kept.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record DiscardBody(string? Projection, string? Key, string? Reason)
{
    private const int MostOfAReason = 500;

    internal static IReadOnlyDictionary<string, FieldConstraint> Rules { get; } = new Dictionary<string, FieldConstraint>
    {
        ["projection"] = new() { IsRequired = true },
        ["key"] = new() { IsRequired = true },
        ["reason"] = PlainText.Constraint(MostOfAReason),
    };

    internal Error? Fault()
    {
        var faults = new Dictionary<string, string[]>();
        if (Projection is null)
            faults["projection"] = ["Is required."];
        if (Key is null)
            faults["key"] = ["Is required: events are given up key by key."];
        if (PlainText.Fault(Reason, MostOfAReason) is { } fault)
            faults["reason"] = [fault];
        return faults.Count == 0 ? null : RequestErrors.Invalid(faults);
    }
}
