using FluentValidation;
using FluentValidation.Validators;
using Monolith.BuildingBlocks.Domain.Rules;

namespace Monolith.BuildingBlocks.Application;

/// <summary>Adds validation rules that describe their constraint for the documentation.</summary>
public static class DescribedRules
{
    /// <summary>Adds a rule of the domain.</summary>
    /// <typeparam name="T">The request.</typeparam>
    /// <typeparam name="TField">The field.</typeparam>
    /// <param name="rule">The rule to add to.</param>
    /// <param name="domain">The rule of the domain.</param>
    public static IRuleBuilderOptions<T, TField> Follows<T, TField>(this IRuleBuilder<T, TField> rule, FieldRule<TField> domain) =>
        rule.Described(domain.Constraint, domain.Fault);

    /// <summary>Adds a rule.</summary>
    /// <typeparam name="T">The request.</typeparam>
    /// <typeparam name="TField">The field.</typeparam>
    /// <param name="rule">The rule to add to.</param>
    /// <param name="constraint">The constraint.</param>
    /// <param name="fault">The error message for a value; null if the value is valid.</param>
    public static IRuleBuilderOptions<T, TField> Described<T, TField>(
        this IRuleBuilder<T, TField> rule, FieldConstraint constraint, Func<TField, string?> fault) =>
        rule.SetValidator(new Validator<T, TField>(constraint, fault));

    private sealed class Validator<T, TField>(FieldConstraint constraint, Func<TField, string?> fault)
        : PropertyValidator<T, TField>, IDescribedRule
    {
        private const string Fault = "Fault";

        public override string Name => nameof(Described);

        public FieldConstraint Constraint => constraint;

        public override bool IsValid(ValidationContext<T> context, TField value)
        {
            if (fault(value) is not { } message)
                return true;
            context.MessageFormatter.AppendArgument(Fault, message);
            return false;
        }

        protected override string GetDefaultMessageTemplate(string errorCode) => $"{{{Fault}}}";
    }
}

/// <summary>A validation rule that describes its constraint.</summary>
public interface IDescribedRule
{
    /// <summary>The constraint.</summary>
    FieldConstraint Constraint { get; }
}
