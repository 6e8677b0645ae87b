using System.Globalization;
using System.Reflection;
using System.Text.Json;
using FluentValidation;
using FluentValidation.Internal;
using FluentValidation.Validators;
using Monolith.BuildingBlocks.Application;
using Monolith.BuildingBlocks.Domain.Rules;

namespace Monolith.BuildingBlocks.Web.OpenApi;

/// <summary>What a validator asks of the fields of a request, by their JSON names, and of the fields of these.</summary>
internal sealed class FieldRules
{
    private readonly Dictionary<string, FieldConstraint> own = [];
    private readonly Dictionary<string, FieldRules> inner = [];

    public static FieldRules None { get; } = new();

    public static FieldRules Of(IReadOnlyDictionary<string, FieldConstraint> constraints)
    {
        var rules = new FieldRules();
        foreach (var (field, constraint) in constraints)
            rules.own[field] = constraint;
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

    public FieldConstraint this[string field] => own.GetValueOrDefault(field, FieldConstraint.None);

    /// <summary>The rules for the fields of a field, or of its items.</summary>
    public FieldRules In(string field) => inner.GetValueOrDefault(field, None);

    private void Add(IValidationRule rule, IRuleComponent component)
    {
        var field = JsonNamingPolicy.CamelCase.ConvertName(rule.PropertyName);
        if (component.Validator is IChildValidatorAdaptor child)
        {
            inner[field] = Of((IValidator)Activator.CreateInstance(child.ValidatorType, nonPublic: true)!);
            return;
        }

        // A rule for each item says nothing of the list.
        if (rule.Member is PropertyInfo property && property.PropertyType != rule.TypeToValidate)
            return;
        var asked = ConstraintOf(component.Validator);
        // A field that has rules only when it is there need not be there.
        own[field] = this[field].And(component.HasCondition || rule.HasCondition ? asked with { IsRequired = false } : asked);
    }

    private static FieldConstraint ConstraintOf(IPropertyValidator validator) => validator switch
    {
        IDescribedRule described => described.Constraint,
        INotNullValidator or INotEmptyValidator => new FieldConstraint { IsRequired = true },
        IInclusiveBetweenValidator between => new FieldConstraint
        {
            Minimum = Convert.ToDecimal(between.From, CultureInfo.InvariantCulture), Maximum = Convert.ToDecimal(between.To, CultureInfo.InvariantCulture),
        },
        _ => FieldConstraint.None,
    };
}
