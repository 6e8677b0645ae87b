using FluentValidation;

namespace Monolith.BuildingBlocks.Application;

/// <summary>The rule for the size of a page.</summary>
public static class PageRules
{
    /// <summary>The most items that a page has.</summary>
    public const int Most = 200;

    /// <summary>1 to 200.</summary>
    /// <typeparam name="T">The query.</typeparam>
    /// <param name="rule">The rule to add to.</param>
    public static IRuleBuilderOptions<T, int> PageLimit<T>(this IRuleBuilder<T, int> rule) =>
        rule.InclusiveBetween(1, Most).WithMessage($"Must be from 1 to {Most}.");
}
