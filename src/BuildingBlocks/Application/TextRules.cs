using FluentValidation;
using Monolith.BuildingBlocks.Domain.Rules;

namespace Monolith.BuildingBlocks.Application;

/// <summary>The rules for text, from which modules build their own.</summary>
public static class TextRules
{
    /// <summary>Requires a text by the rules of <see cref="PlainText"/>.</summary>
    /// <typeparam name="T">The request.</typeparam>
    /// <param name="rule">The rule to add to.</param>
    /// <param name="max">The maximum number of characters.</param>
    public static IRuleBuilderOptions<T, string?> Text<T>(this IRuleBuilder<T, string?> rule, int max) =>
        rule.Described(PlainText.Constraint(max), text => PlainText.Fault(text, max));

    /// <summary>Requires one of some words, or null.</summary>
    /// <typeparam name="T">The request.</typeparam>
    /// <param name="rule">The rule to add to.</param>
    /// <param name="words">The allowed words.</param>
    public static IRuleBuilderOptions<T, string?> OneOf<T>(this IRuleBuilder<T, string?> rule, IReadOnlyCollection<string> words) =>
        rule.Described(
            new FieldConstraint { Words = words },
            word => word is null || words.Contains(word) ? null : $"Must be one of: {string.Join(", ", words)}.");
}
