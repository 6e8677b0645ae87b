namespace Monolith.BuildingBlocks.Domain.Rules;

/// <summary>
/// What a rule asks of a field, in the terms of JSON Schema: whoever documents the field asks the rule, and no number is written twice.
/// Null asks nothing.
/// </summary>
public sealed record FieldConstraint
{
    /// <summary>Asks nothing.</summary>
    public static FieldConstraint None { get; } = new();

    /// <summary>Whether the field must be there, and not be null.</summary>
    public bool IsRequired { get; init; }

    /// <summary>The fewest characters, in code points.</summary>
    public int? MinLength { get; init; }

    /// <summary>The most characters, in code points.</summary>
    public int? MaxLength { get; init; }

    /// <summary>A regular expression that the text matches, in the portable subset of JSON Schema.</summary>
    public string? Pattern { get; init; }

    /// <summary>A format of JSON Schema.</summary>
    public string? Format { get; init; }

    /// <summary>The words that the text may be.</summary>
    public IReadOnlyCollection<string>? Words { get; init; }

    /// <summary>The least number.</summary>
    public decimal? Minimum { get; init; }

    /// <summary>The greatest number.</summary>
    public decimal? Maximum { get; init; }

    /// <summary>The number that the field is below.</summary>
    public decimal? ExclusiveMaximum { get; init; }

    /// <summary>The fewest items.</summary>
    public int? MinItems { get; init; }

    /// <summary>The most items.</summary>
    public int? MaxItems { get; init; }

    /// <summary>What the other properties cannot say, as a sentence.</summary>
    public string? Note { get; init; }

    /// <summary>What both ask; where both ask the same thing, the other one counts.</summary>
    /// <param name="other">The other.</param>
    public FieldConstraint And(FieldConstraint other) => new()
    {
        IsRequired = IsRequired || other.IsRequired,
        MinLength = other.MinLength ?? MinLength,
        MaxLength = other.MaxLength ?? MaxLength,
        Pattern = other.Pattern ?? Pattern,
        Format = other.Format ?? Format,
        Words = other.Words ?? Words,
        Minimum = other.Minimum ?? Minimum,
        Maximum = other.Maximum ?? Maximum,
        ExclusiveMaximum = other.ExclusiveMaximum ?? ExclusiveMaximum,
        MinItems = other.MinItems ?? MinItems,
        MaxItems = other.MaxItems ?? MaxItems,
        Note = other.Note ?? Note,
    };
}
