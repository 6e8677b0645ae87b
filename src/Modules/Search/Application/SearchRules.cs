using FluentValidation;
using Monolith.BuildingBlocks.Application;
using Monolith.BuildingBlocks.Domain.Rules;
using Monolith.Modules.Search.Queries;

namespace Monolith.Modules.Search.Application;

/// <summary>What the parameters of a search must be.</summary>
internal static class SearchRules
{
    public static void QueryText<T>(this IRuleBuilder<T, string?> rule) => rule.Described(
        new FieldConstraint
        {
            IsRequired = true,
            MinLength = 1,
            MaxLength = SearchText.Longest,
            Note = $"At least one letter or digit, and at most {SearchText.MostWords} words.",
        },
        SearchText.Fault);
}
