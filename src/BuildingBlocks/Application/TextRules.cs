using FluentValidation;
using Monolith.BuildingBlocks.Domain.Rules;

namespace Monolith.BuildingBlocks.Application;

/// <summary>The rules for text; modules build their own words on them.</summary>
public static class TextRules
{
    /// <summary>Text that is there, by the rules of <see cref="PlainText"/>.</summary>
    /// <typeparam name="T">The request.</typeparam>
    /// <param name="rule">The rule to add to.</param>
    /// <param name="most">The most characters that it may have.</param>
    public static IRuleBuilderOptions<T, string?> Text<T>(this IRuleBuilder<T, string?> rule, int most) =>
        rule.Described(PlainText.Constraint(most), text => PlainText.Fault(text, most));

    /// <summary>One of some words, or nothing.</summary>
    /// <typeparam name="T">The request.</typeparam>
    /// <param name="rule">The rule to add to.</param>
    /// <param name="words">The words.</param>
    public static IRuleBuilderOptions<T, string?> OneOf<T>(this IRuleBuilder<T, string?> rule, IReadOnlyCollection<string> words) =>
        rule.Described(new FieldConstraint { Words = words }, word => word is null || words.Contains(word) ? null : $"Must be one of: {string.Join(", ", words)}.");
}
