using FluentValidation;
using Monolith.Modules.Search.Queries;

namespace Monolith.Modules.Search.Application;

/// <summary>What the parameters of a search must be.</summary>
internal static class SearchRules
{
    public static void QueryText<T>(this IRuleBuilder<T, string?> rule) => rule.Custom((text, context) =>
    {
        if (SearchText.Fault(text) is { } fault)
            context.AddFailure(fault);
    });

    public static void OneOf<T>(this IRuleBuilder<T, string?> rule, IReadOnlyCollection<string> words) =>
        rule.Must(word => word is null || words.Contains(word)).WithMessage($"Must be one of: {string.Join(", ", words)}.");
}
