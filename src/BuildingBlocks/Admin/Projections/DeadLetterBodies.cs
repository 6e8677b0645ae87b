using System.Text.Json.Serialization;
using Monolith.BuildingBlocks.Application;
using Monolith.BuildingBlocks.Domain.Rules;
using Monolith.BuildingBlocks.Domain;

namespace Monolith.BuildingBlocks.Admin.Projections;

/// <summary>Which parked events shall be applied again.</summary>
/// <param name="Projection">The projection.</param>
/// <param name="Key">One key; all where it is null.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record RequeueBody(string? Projection, string? Key = null)
{
    internal static IReadOnlyDictionary<string, FieldConstraint> Rules { get; } = new Dictionary<string, FieldConstraint>
    {
        ["projection"] = DeadLetterNames.Required,
        ["key"] = PlainText.NameConstraint,
    };

    internal Error? Fault()
    {
        var faults = new Dictionary<string, string[]>();
        DeadLetterNames.Note(faults, "projection", Projection ?? "", Projection is null ? DeadLetterNames.Missing : null);
        DeadLetterNames.Note(faults, "key", Key ?? "", null);
        return faults.Count == 0 ? null : RequestErrors.Invalid(faults);
    }
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
        ["projection"] = DeadLetterNames.Required,
        ["key"] = DeadLetterNames.Required,
        ["reason"] = PlainText.Constraint(MostOfAReason),
    };

    internal Error? Fault()
    {
        var faults = new Dictionary<string, string[]>();
        DeadLetterNames.Note(faults, "projection", Projection ?? "", Projection is null ? DeadLetterNames.Missing : null);
        DeadLetterNames.Note(faults, "key", Key ?? "", Key is null ? "Is required: events are given up key by key." : null);
        if (PlainText.Fault(Reason, MostOfAReason) is { } fault)
            faults["reason"] = [fault];
        return faults.Count == 0 ? null : RequestErrors.Invalid(faults);
    }
}

/// <summary>The names in requests about dead letters. They are compared as they are with names that exist.</summary>
internal static class DeadLetterNames
{
    public const string Missing = "Is required.";

    public static FieldConstraint Required { get; } = PlainText.NameConstraint with { IsRequired = true };

    public static void Note(Dictionary<string, string[]> faults, string field, string name, string? fault)
    {
        if ((fault ?? PlainText.NameFault(name)) is { } found)
            faults[field] = [found];
    }
}
