namespace Monolith.BuildingBlocks.Projections.Folds;

/// <summary>A text as the key of a row.</summary>
/// <param name="Value">The text.</param>
public readonly record struct TextKey(string Value)
{
    /// <summary>The key that a text is.</summary>
    /// <param name="value">The text.</param>
    public static TextKey From(string value) => new(value);

    /// <inheritdoc />
    public override string ToString() => Value;
}
