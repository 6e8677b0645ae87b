using FluentValidation;
using Monolith.BuildingBlocks.Application;
using Monolith.BuildingBlocks.Domain.Rules;
using Monolith.Modules.Search.Application.Queries;

namespace Monolith.Modules.Search.Application;

/// <summary>Validation rules of search parameters.</summary>
internal static class SearchRules
{
    public static void IsQueryText<T>(this IRuleBuilder<T, string?> rule) => rule.Described(
        new FieldConstraint
        {
            IsRequired = true,
            MinLength = 1,
            MaxLength = QueryText.MaxLength,
            Note = $"At least one letter or digit, and at most {QueryText.MaxWords} words.",
        },
        QueryText.ErrorOf);
}
