using FluentValidation;

namespace Monolith.BuildingBlocks.Cqrs;

/// <summary>The rule for text; modules build their own words on it.</summary>
public static class TextRules
{
    /// <summary>Text that is there, by the rules of <see cref="PlainText"/>.</summary>
    /// <typeparam name="T">The request.</typeparam>
    /// <param name="rule">The rule to add to.</param>
    /// <param name="most">The most characters that it may have.</param>
    public static IRuleBuilderOptionsConditions<T, string?> Text<T>(this IRuleBuilder<T, string?> rule, int most) => rule.Custom((text, context) =>
    {
        if (PlainText.Fault(text, most) is { } fault)
            context.AddFailure(fault);
    });
}
