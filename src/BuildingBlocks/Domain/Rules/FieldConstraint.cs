namespace Monolith.BuildingBlocks.Domain.Rules;

/// <summary>The constraint of a field, in the terms of JSON Schema. Rules and documentation share it. Null is no constraint.</summary>
public sealed record FieldConstraint
{
    /// <summary>No constraint.</summary>
    public static FieldConstraint None { get; } = new();

    /// <summary>Whether the field must be present and not null.</summary>
    public bool IsRequired { get; init; }

    /// <summary>The minimum number of characters, in code points.</summary>
    public int? MinLength { get; init; }

    /// <summary>The maximum number of characters, in code points.</summary>
    public int? MaxLength { get; init; }

    /// <summary>A regular expression that the text must match, in the portable subset of JSON Schema.</summary>
    public string? Pattern { get; init; }

    /// <summary>A format of JSON Schema.</summary>
    public string? Format { get; init; }

    /// <summary>The allowed values of the text.</summary>
    public IReadOnlyCollection<string>? Words { get; init; }

    /// <summary>The minimum.</summary>
    public decimal? Minimum { get; init; }

    /// <summary>The maximum.</summary>
    public decimal? Maximum { get; init; }

    /// <summary>The exclusive maximum.</summary>
    public decimal? ExclusiveMaximum { get; init; }

    /// <summary>The minimum number of items.</summary>
    public int? MinItems { get; init; }

    /// <summary>The maximum number of items.</summary>
    public int? MaxItems { get; init; }

    /// <summary>A sentence for what the other properties cannot express.</summary>
    public string? Note { get; init; }

    /// <summary>Combines two constraints; the other one takes precedence.</summary>
    /// <param name="other">The other constraint.</param>
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
