using FluentValidation;

namespace Monolith.BuildingBlocks.Application;

/// <summary>The rule for the size of a page.</summary>
public static class PageRules
{
    /// <summary>The maximum number of items of a page.</summary>
    public const int Max = 200;

    /// <summary>Requires a page size from 1 to <see cref="Max"/>.</summary>
    /// <typeparam name="T">The query.</typeparam>
    /// <param name="rule">The rule to add to.</param>
    public static IRuleBuilderOptions<T, int> PageLimit<T>(this IRuleBuilder<T, int> rule) =>
        rule.InclusiveBetween(1, Max).WithMessage($"Must be from 1 to {Max}.");
}
