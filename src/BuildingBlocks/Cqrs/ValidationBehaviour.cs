using FluentValidation;
using MediatR;
using Monolith.BuildingBlocks.Domain;

namespace Monolith.BuildingBlocks.Cqrs;

/// <summary>Refuses a request that breaks the rules for its fields, before anything is loaded.</summary>
internal sealed class ValidationBehaviour<TRequest, T>(IValidator<TRequest> validator) : IPipelineBehavior<TRequest, Result<T>>
    where TRequest : IRequest<Result<T>>
{
    public async Task<Result<T>> Handle(TRequest request, CancellationToken cancellationToken, RequestHandlerDelegate<Result<T>> next)
    {
        var outcome = await validator.ValidateAsync(request, cancellationToken);
        return outcome.IsValid ? await next() : RequestErrors.Invalid(outcome.Errors);
    }
}
