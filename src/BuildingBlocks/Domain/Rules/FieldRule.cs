namespace Monolith.BuildingBlocks.Domain.Rules;

/// <summary>
/// A rule for a value. The domain enforces it, a validator gives its message for the field of a request, and the API documents its
/// constraint.
/// </summary>
/// <typeparam name="T">The type of the value.</typeparam>
/// <param name="constraint">The rule in the terms of JSON Schema, as far as they can express it.</param>
/// <param name="fault">The message for a value that breaks the rule, or null if it does not.</param>
public sealed class FieldRule<T>(FieldConstraint constraint, Func<T, string?> fault)
{
    /// <summary>The rule in the terms of JSON Schema, as far as they can express it.</summary>
    public FieldConstraint Constraint { get; } = constraint;

    /// <summary>Checks a value.</summary>
    /// <param name="value">The value.</param>
    /// <returns>The message for the caller, or null if the value keeps the rule.</returns>
    public string? Fault(T value) => fault(value);
}

/// <summary>Rules for text.</summary>
public static class TextRule
{
    /// <summary>Text that is present, by the rules of <see cref="PlainText"/>.</summary>
    /// <param name="most">The greatest length, in code points.</param>
    public static FieldRule<string?> UpTo(int most) => new(PlainText.Constraint(most), text => PlainText.Fault(text, most));
}

/// <summary>Collects the faults of several values, as one refusal.</summary>
public sealed class FieldFaults
{
    private Dictionary<string, string[]>? faults;

    /// <summary>The refusal, or null if no value has a fault.</summary>
    public Error? Refusal => faults is null ? null : Error.Invalid(faults);

    /// <summary>Checks a value.</summary>
    /// <typeparam name="T">The type of the value.</typeparam>
    /// <param name="field">The JSON path of the field.</param>
    /// <param name="value">The value.</param>
    /// <param name="rule">Its rule.</param>
    public FieldFaults Check<T>(string field, T value, FieldRule<T> rule)
    {
        Add(field, rule.Fault(value));
        return this;
    }

    /// <summary>Adds the fault of a value; null adds nothing.</summary>
    /// <param name="field">The JSON path of the field.</param>
    /// <param name="fault">The message for the caller.</param>
    public void Add(string field, string? fault)
    {
        if (fault is not null)
            (faults ??= [])[field] = faults.TryGetValue(field, out var earlier) ? [.. earlier, fault] : [fault];
    }
}
