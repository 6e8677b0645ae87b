using FluentValidation;
using MediatR;
using Monolith.BuildingBlocks.Domain;

namespace Monolith.BuildingBlocks.Application.Pipeline;

/// <summary>Refuses a request with invalid fields before anything is loaded.</summary>
internal sealed class ValidationBehaviour<TRequest, TResponse>(IValidator<TRequest> validator, Func<Error, TResponse> refuse)
    : IPipelineBehavior<TRequest, TResponse>
    where TRequest : IRequest<TResponse>
{
    public async Task<TResponse> Handle(TRequest request, CancellationToken cancellationToken, RequestHandlerDelegate<TResponse> next)
    {
        var outcome = await validator.ValidateAsync(request, cancellationToken);
        return outcome.IsValid ? await next() : refuse(RequestErrors.Invalid(outcome.Errors));
    }
}
