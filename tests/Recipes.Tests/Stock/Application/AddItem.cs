using FluentValidation;
using Monolith.BuildingBlocks.Application;
using Monolith.BuildingBlocks.Domain;
using Monolith.Modules.Stock.Domain;

namespace Monolith.Modules.Stock.Application;

/// <summary>Adds an item to the assortment.</summary>
internal sealed record AddItem(string Name) : ICommand<ItemView>;

internal sealed class AddItemValidator : AbstractValidator<AddItem>
{
    public AddItemValidator() => RuleFor(c => c.Name).Follows(ItemRules.Name);
}

internal sealed class AddItemHandler(IItems items, TimeProvider clock) : ICommandHandler<AddItem, ItemView>
{
    public Task<Result<ItemView>> Handle(AddItem command, CancellationToken cancellationToken) =>
        Task.FromResult(Add(command));

    private Result<ItemView> Add(AddItem command)
    {
        if (!Item.Add(command.Name, clock.GetUtcNow()).TryGet(out var item, out var refusal))
            return refusal;

        items.Add(item);
        return ItemView.Of(item);
    }
}

/// <summary>The port that loads and adds items.</summary>
internal interface IItems
{
    /// <summary>Loads an item. The result is an error if the item does not exist or is not at the expected version.</summary>
    Task<Result<Item>> Load(Guid id, long? expectedVersion, CancellationToken cancellationToken);

    void Add(Item item);
}
