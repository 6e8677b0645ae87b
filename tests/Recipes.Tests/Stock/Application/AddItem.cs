using FluentValidation;
using Monolith.BuildingBlocks.Application;
using Monolith.BuildingBlocks.Domain;
using Monolith.Modules.Stock.Domain;

namespace Monolith.Modules.Stock.Application;

/// <summary>Adds an item to the assortment.</summary>
internal sealed record AddItem(string Name) : ICommand<ItemView>;

internal sealed class AddItemValidator : AbstractValidator<AddItem>
{
    public AddItemValidator() => RuleFor(c => c.Name).Text(100);
}

internal sealed class AddItemHandler(IItems items, TimeProvider clock) : ICommandHandler<AddItem, ItemView>
{
    public Task<Result<ItemView>> Handle(AddItem command, CancellationToken cancellationToken)
    {
        var item = Item.Add(command.Name, clock.GetUtcNow());
        items.Add(item);
        return Task.FromResult<Result<ItemView>>(ItemView.Of(item));
    }
}
