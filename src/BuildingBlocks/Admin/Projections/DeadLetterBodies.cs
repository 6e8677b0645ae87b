using System.Text.Json.Serialization;
using Monolith.BuildingBlocks.Application;
using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Domain.Rules;

namespace Monolith.BuildingBlocks.Admin.Projections;

/// <summary>The dead letters to apply again.</summary>
/// <param name="Projection">The projection.</param>
/// <param name="Key">One key; null for all.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record RequeueBody(string? Projection, string? Key = null)
{
    internal static IReadOnlyDictionary<string, FieldConstraint> Rules { get; } = new Dictionary<string, FieldConstraint>
    {
        ["projection"] = DeadLetterNames.Required,
        ["key"] = PlainText.NameConstraint,
    };

    internal Error? Validate()
    {
        var errors = new Dictionary<string, string[]>();
        DeadLetterNames.Check(errors, "projection", Projection ?? "", Projection is null ? DeadLetterNames.Missing : null);
        DeadLetterNames.Check(errors, "key", Key ?? "", null);
        return errors.Count == 0 ? null : RequestErrors.Invalid(errors);
    }
}

/// <summary>The dead letters to discard, and the reason.</summary>
/// <param name="Projection">The projection.</param>
/// <param name="Key">The key.</param>
/// <param name="Reason">The reason, which is recorded.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record DiscardBody(string? Projection, string? Key, string? Reason)
{
    private const int MaxReasonLength = 500;

    internal static IReadOnlyDictionary<string, FieldConstraint> Rules { get; } = new Dictionary<string, FieldConstraint>
    {
        ["projection"] = DeadLetterNames.Required,
        ["key"] = DeadLetterNames.Required,
        ["reason"] = PlainText.Constraint(MaxReasonLength),
    };

    internal Error? Validate()
    {
        var errors = new Dictionary<string, string[]>();
        DeadLetterNames.Check(errors, "projection", Projection ?? "", Projection is null ? DeadLetterNames.Missing : null);
        DeadLetterNames.Check(errors, "key", Key ?? "", Key is null ? "Is required: dead letters are discarded key by key." : null);
        if (PlainText.Fault(Reason, MaxReasonLength) is { } fault)
            errors["reason"] = [fault];
        return errors.Count == 0 ? null : RequestErrors.Invalid(errors);
    }
}

/// <summary>Checks the names in requests about dead letters, which are compared with existing names as they are.</summary>
internal static class DeadLetterNames
{
    public const string Missing = "Is required.";

    public static FieldConstraint Required { get; } = PlainText.NameConstraint with { IsRequired = true };

    public static void Check(Dictionary<string, string[]> errors, string field, string name, string? fault)
    {
        if ((fault ?? PlainText.NameFault(name)) is { } message)
            errors[field] = [message];
    }
}
