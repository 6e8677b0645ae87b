using System.Globalization;
using System.Reflection;
using System.Text.Json;
using FluentValidation;
using FluentValidation.Internal;
using FluentValidation.Validators;
using Monolith.BuildingBlocks.Application;
using Monolith.BuildingBlocks.Domain.Rules;

namespace Monolith.BuildingBlocks.Web.OpenApi;

/// <summary>The constraints that a validator has for the fields of a request, by their JSON names, and for nested fields.</summary>
internal sealed class FieldRules
{
    private readonly Dictionary<string, FieldConstraint> constraints = [];
    private readonly Dictionary<string, FieldRules> nested = [];

    public static FieldRules None { get; } = new();

    public static FieldRules Of(IReadOnlyDictionary<string, FieldConstraint> fields)
    {
        var rules = new FieldRules();
        foreach (var (field, constraint) in fields)
            rules.constraints[field] = constraint;
        return rules;
    }

    public static FieldRules Of(IValidator validator)
    {
        var rules = new FieldRules();
        foreach (var rule in validator.CreateDescriptor().Rules.Where(rule => rule.PropertyName is not null))
        {
            foreach (var component in rule.Components)
                rules.Add(rule, component);
        }

        return rules;
    }

    public FieldConstraint this[string field] => constraints.GetValueOrDefault(field, FieldConstraint.None);

    /// <summary>The rules for the fields of a nested object, or of the items of a list.</summary>
    public FieldRules In(string field) => nested.GetValueOrDefault(field, None);

    private void Add(IValidationRule rule, IRuleComponent component)
    {
        var field = JsonNamingPolicy.CamelCase.ConvertName(rule.PropertyName);
        if (component.Validator is IChildValidatorAdaptor child)
        {
            nested[field] = Of((IValidator)Activator.CreateInstance(child.ValidatorType, nonPublic: true)!);
            return;
        }

        // A rule for each item is not one for the list.
        if (rule.Member is PropertyInfo property && property.PropertyType != rule.TypeToValidate)
            return;
        var constraint = ConstraintOf(component.Validator);
        // A rule with a condition does not make the field required.
        if (component.HasCondition || rule.HasCondition)
            constraint = constraint with { IsRequired = false };
        constraints[field] = this[field].And(constraint);
    }

    private static FieldConstraint ConstraintOf(IPropertyValidator validator) => validator switch
    {
        IDescribedRule described => described.Constraint,
        INotNullValidator or INotEmptyValidator => new FieldConstraint { IsRequired = true },
        IInclusiveBetweenValidator between => new FieldConstraint
        {
            Minimum = Convert.ToDecimal(between.From, CultureInfo.InvariantCulture),
            Maximum = Convert.ToDecimal(between.To, CultureInfo.InvariantCulture),
        },
        _ => FieldConstraint.None,
    };
}
